def fetch():
    import ssl
