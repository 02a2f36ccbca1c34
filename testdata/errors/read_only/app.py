from pathlib import Path

Path(__file__).with_name("made.txt").write_text("x")
