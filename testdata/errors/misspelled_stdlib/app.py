import jsno
import dataclass
