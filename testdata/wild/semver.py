"""Parses, compares, bumps, matches and replaces versions, and tells what is wrong."""

import semver
from semver import Version

versions = ["1.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.11", "1.0.0-rc.1", "2.1.0", "1.10.0", "1.9.0+build.5"]
print([str(version) for version in sorted(map(Version.parse, versions))], max(versions, key=Version.parse))
version = Version.parse("3.4.5-pre.2+build.4")
print(version.to_dict(), version.to_tuple(), version.major, version[1:3], hash(version) == hash(Version(3, 4, 5, "pre.2", "build.4")))
print(version.bump_major(), version.bump_minor(), version.bump_patch(), version.bump_prerelease(), version.bump_build(), version.finalize_version(), version.next_version("minor"), version.replace(patch=9, build=None))
for expression in [">=3.4.0", "<3.4.5", "==3.4.5-pre.2", "!=1.0.0", "3.4.5-pre.2"]:
    print(expression, version.match(expression))
print(version.compare("3.4.5"), version < "4.0.0", Version.is_valid("1.2"), Version(1, 2).is_compatible(Version(1, 9)), Version.parse("1.2", optional_minor_and_patch=True))
for bad in ["1.2", "01.2.3", "1.2.3-", "x", ""]:
    try:
        Version.parse(bad)
    except ValueError as error:
        print(error)
for attempt in (lambda: version < 3, lambda: version.match("~1"), lambda: Version(-1), lambda: version[9]):
    try:
        print(attempt())
    except (TypeError, ValueError, IndexError) as error:
        print(type(error).__name__, error)
