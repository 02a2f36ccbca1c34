# input() with a prompt, and EOFError.
# stdin: b'one'
a = input('? ')
print(a)
input()
