# Arguments and standard input arrive as under `python`.
# args: ['a', 'ü', '-x', '--', '-c']
# stdin: b'gr\xc3\xbc\xc3\x9f\n'
import sys; print(sys.argv[1:], sys.stdin.read())
