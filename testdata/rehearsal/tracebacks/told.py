import warnings
import sys

warnings.warn("at import", stacklevel=2)
warnings.warn("here")
WHO = sys._getframe(1).f_code.co_name.startswith("_call_with_frames")
