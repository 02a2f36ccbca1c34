"""A group of commands with options, prompts, choices, files, a context, completion and errors, by the test runner."""

import click
from click.testing import CliRunner


@click.group(context_settings={"auto_envvar_prefix": "APP"})
@click.option("-v", "--verbose", count=True)
@click.version_option("1.2", prog_name="app")
@click.pass_context
def app(context, verbose):
    """Keeps things."""
    context.obj = {"verbose": verbose}


@app.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(["a", "b"], case_sensitive=False), default="a", show_default=True)
@click.option("--size", type=click.IntRange(1, 9), envvar="SIZE")
@click.pass_obj
def add(obj, names, kind, size):
    """Adds NAMES."""
    click.secho(f"{names} {kind} {size} {obj}", fg="green")


@app.command()
@click.password_option()
@click.confirmation_option(prompt="Sure?")
def wipe(password):
    click.echo(f"wiped {len(password)}")


@app.command("copy")
@click.argument("source", type=click.File())
def copy(source):
    click.echo(source.read().upper())


runner = CliRunner()
for arguments, options in [
    (["--help"], {}), (["-vv", "add", "x", "y", "--kind", "B"], {}), (["add", "x"], {"env": {"SIZE": "12"}}), (["add"], {}),
    (["wipe"], {"input": "y\nsecret\nsecret\n"}), (["copy", "-"], {"input": "text"}), (["--version"], {}), (["ad"], {}), (["add", "--help"], {}),
]:
    result = runner.invoke(app, arguments, **options)
    print(result.exit_code, result.output)
print(runner.invoke(app, ["add", "x"], color=True).output.encode(), click.unstyle(click.style("x", bold=True)))
