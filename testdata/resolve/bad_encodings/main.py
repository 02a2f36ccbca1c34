import latin
import klingon
import zeros
import twice
