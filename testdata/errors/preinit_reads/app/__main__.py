import app.reads
import app.files

print("runs")
