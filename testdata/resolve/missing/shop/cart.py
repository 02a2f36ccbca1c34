x = 1; import no_such_module.part
import no_such_module.part
import helper.inner
