"""Folders for data, settings, caches and logs on several systems, from variables and defaults."""

import os

import platformdirs
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

for variable in list(os.environ):
    if variable.startswith("XDG_"):
        del os.environ[variable]
os.environ["HOME"] = "/home/ann"
dirs = platformdirs.PlatformDirs("App", "Ann", version="1.2")
for name in ["user_data_dir", "user_config_dir", "user_cache_dir", "user_state_dir", "user_log_dir", "user_documents_dir", "user_downloads_dir", "site_data_dir", "site_config_dir", "site_cache_dir"]:
    print(name, getattr(dirs, name))
os.environ["XDG_DATA_HOME"] = "/data"
os.environ["XDG_CONFIG_DIRS"] = "/etc/a:/etc/b"
print(platformdirs.user_data_dir("App"), Unix("App", multipath=True).site_config_dir, list(Unix("App").iter_config_dirs()))
print(MacOS("App").user_data_dir, platformdirs.PlatformDirs is Unix, dirs.user_cache_path.parts, platformdirs.user_data_dir())
path = platformdirs.user_cache_path("App", ensure_exists=False)
print(path, path.exists(), platformdirs.user_config_dir("App", roaming=True))
