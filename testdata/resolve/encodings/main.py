import latin
import windows
import marked
import thai
