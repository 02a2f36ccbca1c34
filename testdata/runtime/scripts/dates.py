# Universal Time has the names that programs know.
# env: {"TZ": "EST5EDT,M3.2.0,M11.1.0"}
import calendar
import datetime
import email.utils
import time

print(time.gmtime(0), time.gmtime(0).tm_zone, time.gmtime(0).tm_gmtoff)
print(time.strftime("%a, %d %b %Y %H:%M:%S %Z %z", time.gmtime(1e9)), time.localtime(0).tm_zone, time.strftime("%Z", time.localtime(0)))
print(email.utils.formatdate(0, usegmt=True), email.utils.formatdate(0), time.asctime(time.gmtime(0)), time.ctime(0))
print(time.strptime("Thu, 01 Jan 1970 00:00:00 GMT", "%a, %d %b %Y %H:%M:%S %Z"), calendar.timegm((1970, 1, 1, 0, 0, 0)), time.mktime(time.gmtime(5)))
print(datetime.datetime.now(datetime.UTC).tzname(), datetime.datetime.fromtimestamp(0).astimezone().tzname(), datetime.datetime.fromtimestamp(0, datetime.UTC))
try: time.gmtime(1e30)
except OverflowError as e: print(e)
