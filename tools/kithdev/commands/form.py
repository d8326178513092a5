"""./dev form: a sample page with the script of visits and a form, until Ctrl-C."""

import argparse
import threading

from kithdev.client import Client
from kithdev.development import connection, form_port, suite
from kithdev.processes import GATEWAY
from kithdev.sample_page import SamplePage
from kithdev.tenants import DEMO


def run(arguments: list[str]) -> int:
    """Serves the page on loopback; who sends the form waits in the queue sales."""
    parser = argparse.ArgumentParser(prog="./dev form", description=__doc__)
    parser.parse_args(arguments)
    targets, token = connection()
    gateway = suite().services[GATEWAY].address.http
    with Client(targets, token) as client:
        page = SamplePage(DEMO.slug, client, gateway, form_port())
        print(f"  {page.origin}/?utm_source=news&utm_campaign=spring")
        print("  Send the form, then: ./dev next --queue=sales")
        print("  Ctrl-C ends the page.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()
        finally:
            page.close()
    return 0
