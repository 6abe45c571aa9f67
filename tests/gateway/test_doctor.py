"""What the gateway's doctor sees, and that it looks without being asked by name."""

import json
import unittest

from harness.gateway import Gateway, settings
from harness.programs import run


class Doctor(unittest.TestCase):
    def found(self, gateway):
        done = run("sallyport-gateway", "doctor", "--config", gateway.config, "--json", check=False)
        told = json.loads(done.out)
        return {one["about"]: one for one in (told["findings"] if isinstance(told, dict) else told)}

    def test_a_policy_without_networks_is_noted(self):
        gateway = Gateway()
        self.addCleanup(gateway.end)
        found = self.found(gateway)
        self.assertIn("may be dialled, and no other", found["policy"]["what"])
        self.assertIn("enrolment", found)
        gateway.write_config(settings(policy=""))
        self.assertIn("No network is named", self.found(gateway)["policy"]["what"])

    def test_a_wrong_setting_is_named(self):
        gateway = Gateway()
        self.addCleanup(gateway.end)
        gateway.write_config(settings(policy='networks = ["10.0.0.1/8"]'))
        self.assertIn("policy.networks", self.found(gateway)["configuration"]["what"])


if __name__ == "__main__":
    unittest.main()
