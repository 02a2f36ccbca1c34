async def wait():
    pass


kept = wait()
