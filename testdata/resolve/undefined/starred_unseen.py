from _socket import *
