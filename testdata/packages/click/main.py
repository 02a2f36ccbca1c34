"""A command line: groups, options of many types, prompts, help, errors; by runner and by argv."""

import sys

import click
from click.testing import CliRunner


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option("1.2", prog_name="greet")
@click.option("--verbose", "-v", count=True, help="Say more.")
@click.pass_context
def cli(context, verbose):
    """Greets people."""
    context.obj = verbose


@cli.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--times", default=1, show_default=True, type=click.IntRange(1, 3), help="How often.")
@click.option("--style", type=click.Choice(["plain", "loud"]), default="plain", help="How.")
@click.option("--color/--no-color", default=False)
@click.pass_obj
def hello(verbose, names, times, style, color):
    """Say hello to NAMES."""
    for name in names:
        for _ in range(times):
            text = f"Hello {name}" if style == "plain" else f"HELLO {name.upper()}!"
            click.secho(text, fg="green" if color else None, color=color or None)
    if verbose:
        click.echo(f"greeted {len(names)}", err=True)


@cli.command()
@click.option("--name", prompt="Your name", default="you")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.confirmation_option(prompt="Sure?")
def ask(name, password):
    """Ask for things."""
    click.echo(f"{name} {len(password)}")


@cli.command()
@click.argument("source", type=click.File("r"), default="-")
@click.option("--when", type=click.DateTime(["%Y-%m-%d"]))
def lines(source, when):
    """Count lines."""
    click.echo(f"{len(source.readlines())} lines, {when}")


def main():
    runner = CliRunner()
    calls = [
        (["--help"], None),
        (["hello", "-h"], None),
        (["--version"], None),
        (["-v", "hello", "Ada", "Alan", "--times", "2", "--style", "loud"], None),
        (["hello", "Ada", "--color"], None),
        (["hello"], None),
        (["hello", "x", "--times", "9"], None),
        (["hello", "x", "--style", "lod"], None),
        (["helo"], None),
        (["ask"], "Ada\nsecret\nsecret\ny\n"),
        (["ask"], "\na\nb\na\na\nn\n"),
        (["lines", "--when", "2024-02-03"], "a\nb\n"),
    ]
    for args, given in calls:
        result = runner.invoke(cli, args, input=given)
        print(args, result.exit_code)
        print(result.output)
    print(click.style("x", bold=True), click.unstyle("\x1b[1mx\x1b[0m"), click.get_app_dir("greet") != "")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        cli(prog_name="greet")
    else:
        main()
