# Output without a newline at its end arrives.
import sys
sys.stdout.write('abc')
sys.stderr.write('def')
