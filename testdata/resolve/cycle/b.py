import c
import main
