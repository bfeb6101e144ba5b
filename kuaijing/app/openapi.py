"""``kuaijing openapi``: print the OpenAPI document; the TypeScript types of the screens are made from it."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    from kuaijing.web.app import openapi_document

    print(json.dumps(openapi_document(), ensure_ascii=False, indent=1))
    return 0
