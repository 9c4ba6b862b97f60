"""Prints as JSON what junitparser reads from a JUnit XML file."""
import json
import sys

from junitparser import JUnitXml
from junitparser.xunit2 import TestCase

doc = JUnitXml.fromfile(sys.argv[1])
cases = []
for suite in doc:
    for case in suite:
        case = TestCase.fromelem(case._elem)
        cases.append({
            "suite": suite.name,
            "name": case.name,
            "class": case.classname,
            "result": [{"kind": type(r).__name__, "message": r.message or "", "text": r.text or ""} for r in case.result],
            "flaky": [e.message for e in case.flaky_errors()],
        })
json.dump({"tests": doc.tests, "failures": doc.failures, "errors": doc.errors, "cases": cases}, sys.stdout)
