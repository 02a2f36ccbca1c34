# logging's last resort and basicConfig.
import logging
logging.warning('w')
logging.getLogger('a').info('no')
logging.basicConfig(level=10)
logging.debug('d')
