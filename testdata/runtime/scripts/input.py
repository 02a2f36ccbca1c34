# input() with a prompt, and EOFError.
# stdin: "one"
a = input('? ')
print(a)
input()
