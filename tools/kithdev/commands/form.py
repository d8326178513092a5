"""./dev form: a sample page with the script of visits and a form, until Ctrl-C."""

import argparse
import threading

from kithdev.development import connection, form_port, suite
from kithdev.processes import GATEWAY
from kithdev.sample_page import SamplePage
from kithdev.tenants import DEMO


def run(arguments: list[str]) -> int:
    """Serves the page on loopback; who sends the form waits in the queue service."""
    parser = argparse.ArgumentParser(prog="./dev form", description=__doc__)
    parser.parse_args(arguments)
    # Tells what to do where nothing runs.
    connection()
    page = SamplePage(DEMO.slug, suite().services[GATEWAY].address.http, form_port())
    print(f"  {page.origin}/?utm_source=news&utm_campaign=spring")
    print("  Send the form, then: ./dev next --queue=service")
    print("  Ctrl-C ends the page.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()
    finally:
        page.close()
    return 0
