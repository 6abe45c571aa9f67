"""`sallyport-certs verify` on the path validation cases of C2SP/x509-limbo.

The cases are not part of this repository: SALLYPORT_LIMBO names the file limbo.json. SALLYPORT_LIMBO_POLICY chooses the policy."""

import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

corpus = os.environ.get("SALLYPORT_LIMBO", "")
program = pathlib.Path(os.environ.get("SALLYPORT_BIN", "build/dev/bin")) / "sallyport-certs"
slowest = 20
at_least = 200


def arguments(case, folder):
    chain = [case["peer_certificate"], *case["untrusted_intermediates"]]
    (folder / "chain.pem").write_text("".join(chain))
    (folder / "roots.pem").write_text("".join(case["trusted_certs"]))
    moment = case["validation_time"]
    all_of_them = ["verify", "--json", "--chain", folder / "chain.pem", "--root", folder / "roots.pem",
                   "--purpose", case["validation_kind"].lower(), "--time", moment.replace("+00:00", "Z") if moment else "none"]
    names = case["expected_peer_names"] + ([case["expected_peer_name"]] if case["expected_peer_name"] else [])
    for name in names:
        all_of_them += ["--email" if name["kind"] == "RFC822" else "--host", name["value"]]
    if case["crls"]:
        (folder / "crls.pem").write_text("".join(case["crls"]))
        all_of_them += ["--crl", folder / "crls.pem"]
    if case["max_chain_depth"] is not None:
        all_of_them += ["--max-depth", str(case["max_chain_depth"])]
    if "SALLYPORT_LIMBO_POLICY" in os.environ:
        all_of_them += ["--policy", os.environ["SALLYPORT_LIMBO_POLICY"]]
    return all_of_them


def judge(case):
    """What was wrong with the program's verdict; empty when it was right."""
    with tempfile.TemporaryDirectory() as name:
        try:
            ran = subprocess.run([program, *arguments(case, pathlib.Path(name))], capture_output=True, text=True, timeout=slowest)
        except subprocess.TimeoutExpired:
            return case["id"], "hang", f"took over {slowest} s"
    if ran.returncode not in (0, 1):
        return case["id"], "crash", f"exit code {ran.returncode}: {ran.stderr[-400:]}"
    wanted = 0 if case["expected_result"] == "SUCCESS" else 1
    if ran.returncode == wanted:
        return case["id"], "right", ""
    return case["id"], "wrong", ("accepted" if wanted else "refused") + ": " + json.loads(ran.stdout)["reason"]


@unittest.skipUnless(corpus, "SALLYPORT_LIMBO names no limbo.json of C2SP/x509-limbo")
class Limbo(unittest.TestCase):
    def test_verdicts(self):
        cases = json.loads(pathlib.Path(corpus).read_text())["testcases"]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            verdicts = list(pool.map(judge, cases))
        count = collections.Counter(kind for _, kind, _ in verdicts)
        for case, kind, words in verdicts:
            if kind != "right":
                print(f"{kind} {case}: {words}")
        print(f"{count['right']} of {len(cases)} right")
        self.assertEqual((count["crash"], count["hang"]), (0, 0))
        self.assertGreaterEqual(count["right"], at_least)


if __name__ == "__main__":
    unittest.main()
