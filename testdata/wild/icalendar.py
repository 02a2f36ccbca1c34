"""Reads, changes and writes a calendar with events, zones, repetitions, alarms and parameters."""

import datetime as dt
import zoneinfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vDDDTypes, vRecur, vText

TEXT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:EVENT
END:EVENT
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20260203
DTEND:20260204T101112Z
SUMMARY;LANGUAGE=de:Ein langer Titel\\, mit Komma und so vielen Zeichen da
 ss die Zeile umbricht
RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4
CATEGORIES:a,b
ATTENDEE;CN="Ann B";ROLE=CHAIR:mailto:a@x.org
GEO:48.5;11.2
BEGIN:VALARM
TRIGGER:-PT15M
ACTION:DISPLAY
END:VALARM
END:VEVENT
END:VCALENDAR
""".replace("BEGIN:EVENT\nEND:EVENT\n", "")
calendar = Calendar.from_ical(TEXT)
for event in calendar.walk("VEVENT"):
    print(event["SUMMARY"], event["SUMMARY"].params, event.decoded("DTSTART"), event["DTEND"].dt, event["RRULE"], event["CATEGORIES"].cats)
    print(event["ATTENDEE"], event["ATTENDEE"].params["ROLE"], event["GEO"].to_ical(), [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")])
made = Calendar()
made.add("prodid", "-//ours//")
made.add("version", "2.0")
event = Event()
event.add("summary", "Größe; x")
event.add("dtstart", dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.timezone.utc))
event.add("duration", dt.timedelta(hours=1, minutes=30))
event.add("rrule", {"freq": "daily", "until": dt.datetime(2026, 4, 1)})
address = vCalAddress("MAILTO:b@x.org")
address.params["cn"] = vText("Bob")
event.add("organizer", address)
alarm = Alarm()
alarm.add("trigger", dt.timedelta(minutes=-5))
event.add_component(alarm)
made.add_component(event)
print(made.to_ical().decode().replace("\r\n", "\n"))
print(Calendar.from_ical(made.to_ical()).to_ical() == made.to_ical(), vRecur.from_ical("FREQ=YEARLY;BYMONTH=3"), vDDDTypes(dt.date(2026, 1, 1)).to_ical())
try:
    Calendar.from_ical("BEGIN:VCALENDAR\nBAD LINE\nEND:VCALENDAR")
except ValueError as error:
    print(error)
