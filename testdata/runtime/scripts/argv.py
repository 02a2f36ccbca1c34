# Arguments and standard input arrive as under `python`.
# args: ["a", "ü", "-x", "--", "-c"]
# stdin: "gr\u00c3\u00bc\u00c3\u009f\n"
import sys; print(sys.argv[1:], sys.stdin.read())
