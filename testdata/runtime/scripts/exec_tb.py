# A traceback through exec().
exec('1/0')
