NAME = 'böm'
