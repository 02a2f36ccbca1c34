"""Commands from type hints with options, enums, callbacks, prompts and help, by the test runner."""

import enum
from typing import Annotated, Optional

import typer
from typer.testing import CliRunner

app = typer.Typer(help="Keeps things.", add_completion=False, rich_markup_mode=None)
sub = typer.Typer()
app.add_typer(sub, name="sub")


class Kind(str, enum.Enum):
    A = "a"
    B = "b"


@app.command()
def add(name: str, count: Annotated[int, typer.Option(min=1, help="How many")] = 1, kind: Kind = Kind.A, force: bool = False):
    """Adds NAME."""
    typer.echo(f"{name} {count} {kind.value} {force}")


@app.command()
def ask(password: Annotated[str, typer.Option(prompt=True, hide_input=True)], names: Optional[list[str]] = None):
    typer.secho(f"{len(password)} {names}", fg=typer.colors.RED)
    raise typer.Exit(3)


@sub.command("deep")
def deep(path: Annotated[typer.FileText, typer.Argument()], ratio: float = 0.5):
    typer.echo(path.read() + str(ratio))


@app.callback()
def main(verbose: bool = typer.Option(False, "--verbose", "-v")):
    if verbose:
        typer.echo("verbose")


runner = CliRunner()
for arguments, text in [(["--help"], None), (["-v", "add", "x", "--count", "3", "--kind", "b", "--force"], None), (["add", "x", "--count", "0"], None), (["ask", "--names", "a", "--names", "b"], "secret\n"), (["sub", "deep", "-"], "data"), (["add", "--help"], None), (["none"], None)]:
    result = runner.invoke(app, arguments, input=text)
    print(result.exit_code, result.output)
