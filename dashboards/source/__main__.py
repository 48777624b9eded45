"""Write the dashboards."""

from dashboards.source.build import DIRECTORY, built

for name, text in built().items():
    (DIRECTORY / name).write_text(text, encoding="utf-8")
