open("/etc/hostname")
