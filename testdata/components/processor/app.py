import json

from componentize_py_types import Err
from wit_world import exports


class DataProcessor(exports.DataProcessor):
    def process_event(self, event_id: str, payload: bytes) -> str:
        try:
            event = json.loads(payload)
        except ValueError as error:
            raise Err(f"{event_id}: {error}")
        return json.dumps({"id": event_id, "keys": sorted(event)})

    def get_status(self) -> str:
        return "ready"
