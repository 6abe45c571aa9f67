"""`sallyport-certs check` on the certificates of zmap/zlint's own tests.

They are not part of this repository: SALLYPORT_ZLINT names the folder with cases.json and pem/."""

import collections
import json
import os
import pathlib
import subprocess
import unittest

corpus = os.environ.get("SALLYPORT_ZLINT", "")
program = pathlib.Path(os.environ.get("SALLYPORT_BIN", "build/dev/bin")) / "sallyport-certs"
at_a_time = 60
at_least = 0.97

# What is about something else than a certificate on the way from a server's to its root: revocation lists, signers of OCSP answers,
# mail, qualified signatures.
elsewhere = ("e_crl_auth_key_id", "e_crl_next_update", "e_ocsp_", "e_invalid_individual_identity", "e_legacy_generation",
             "e_mailbox_address", "e_qcstatem_", "w_san_should_not_be_critical")
found_words = ("Error", "Warn", "Notice")


def findings_of(files):
    """The ids that `check` finds in each file."""
    all_of_them = {}
    for start in range(0, len(files), at_a_time):
        part = files[start:start + at_a_time]
        ran = subprocess.run([program, "check", "--json", "--public", *part], capture_output=True, text=True, timeout=300)
        if ran.returncode not in (0, 1):
            raise AssertionError(f"exit code {ran.returncode} for {part[0]} and the next: {ran.stderr[-1000:]}")
        for one in json.loads(ran.stdout)["checked"]:
            all_of_them[pathlib.Path(one["source"]).name] = {finding["id"] for finding in one.get("findings", [])}
    return all_of_them


@unittest.skipUnless(corpus, "SALLYPORT_ZLINT names no folder of zlint's certificates")
class Zlint(unittest.TestCase):
    def test_findings(self):
        folder = pathlib.Path(corpus)
        cases = [case for case in json.loads((folder / "cases.json").read_text())
                 if not case["lint"].startswith(elsewhere) and case["expected"] in (*found_words, "Pass", "NA", "NE")]
        found = findings_of(sorted({str(folder / "pem" / case["file"]) for case in cases}))
        count = collections.Counter()
        for case in cases:
            wanted = case["expected"] in found_words
            # Some of zlint's rules answer in several severities; an id of ours has one.
            ids = {case["lint"]} | ({case["expected"][0].lower() + case["lint"][1:]} if wanted else set())
            is_right = bool(ids & found[case["file"]]) == wanted
            count["right" if is_right else "wrong"] += 1
            if not is_right:
                print(f"wrong: {case['lint']} {case['file']}: {case['expected']}")
        print(f"{count['right']} of {len(cases)} right")
        self.assertGreaterEqual(count["right"], at_least * len(cases))


if __name__ == "__main__":
    unittest.main()
