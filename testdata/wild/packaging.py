"""Versions, specifiers, markers, requirements, tags and metadata."""

from packaging import metadata, tags
from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

versions = ["1.0", "1.0rc1", "1.0.post1", "2!0.1", "1.0.dev3", "1.0+local.1", "v1.2"]
print(sorted(map(Version, versions)), Version("1.2.3rc4").pre, Version("1.0.dev1").is_devrelease)
spec = SpecifierSet(">=1.0,<2,!=1.5.*")
print(list(spec.filter(["0.9", "1.0", "1.5.2", "1.9", "2.0", "1.6b1"])), "1.6b1" in spec, spec.contains("1.6b1", prereleases=True))
for text in ["requests[security,socks]>=2.8; python_version < '3.14' and extra == 'x'", "pip @ https://example.org/pip.zip", "bad=="]:
    try:
        requirement = Requirement(text)
        print(requirement.name, sorted(requirement.extras), requirement.specifier, requirement.marker, requirement.url)
    except InvalidRequirement as error:
        print(str(error).splitlines()[0])
marker = Marker("sys_platform == 'win32' or (os_name == 'posix' and python_version >= '3.8')")
print(marker.evaluate({"sys_platform": "linux", "os_name": "posix", "python_version": "3.13"}), marker)
print(canonicalize_name("A_b.-C"), parse_wheel_filename("foo_bar-1.0-1-py3-none-any.whl")[:3], sorted(map(str, tags.parse_tag("cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64"))))
print(metadata.parse_email("Metadata-Version: 2.1\nName: x\nVersion: 1\nKeywords: a,b\n\nText")[0]["keywords"])
try:
    Version("1.x.y")
except InvalidVersion as error:
    print(error)
