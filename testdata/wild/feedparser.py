"""Parses RSS, Atom and broken feeds from text, with dates, namespaces, sanitized HTML and encodings."""

import feedparser

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>News &amp; more</title><link>http://example.org/</link><item><title>One</title><guid>g1</guid><pubDate>Thu, 01 Jan 2026 19:48:21 GMT</pubDate>
<description>&lt;p onclick="x()"&gt;Text &lt;script&gt;evil&lt;/script&gt;&lt;a href="/rel"&gt;l&lt;/a&gt;&lt;/p&gt;</description><dc:creator>Ann</dc:creator>
<enclosure url="http://e.org/a.mp3" length="10" type="audio/mpeg"/><category>x</category><media:thumbnail url="http://t"/></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://b.org/"><title type="html">A &lt;b&gt;feed&lt;/b&gt;</title><updated>2026-02-03T04:05:06+01:00</updated>
<entry><id>urn:1</id><title>E</title><link rel="alternate" href="x.html"/><author><name>Bob</name><email>b@x.org</email></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">in <em>XHTML</em></div></content><published>2026-02-03</published></entry></feed>"""
for text in (RSS, ATOM, RSS.replace("</item>", ""), "not a feed"):
    feed = feedparser.parse(text)
    print(feed.version, bool(feed.bozo), feed.encoding, feed.feed.get("title"), feed.feed.get("link"), feed.feed.get("updated_parsed"))
    for entry in feed.entries:
        print(entry.get("id"), entry.get("link"), entry.get("author"), entry.get("summary"), entry.get("published_parsed"))
        print(entry.get("enclosures"), [tag.term for tag in entry.get("tags", [])], [c.value for c in entry.get("content", [])], entry.get("media_thumbnail"))
latin = feedparser.parse(RSS.replace("utf-8", "iso-8859-1").replace("One", "Größe").encode("latin-1"))
print(latin.encoding, latin.entries[0].title, latin.namespaces)
for date in ["2026-01-02T03:04:05Z", "Mon, 5 Jan 26 10:00 EST", "20260102", "2026-W10-3", "bad"]:
    print(date, feedparser.datetimes._parse_date(date))
