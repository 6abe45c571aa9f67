"""The gateway of a Site of this harness."""

from .programs import Program, accepts, free_ports, run, until


class GatewayEdge:
    """The gateway of a Site: its folder, ports and life."""

    def __init__(self, site, ports):
        self.folder, self.name = site.folder / "gateway", "gate"
        self.folder.mkdir(mode=0o700)
        self.public, self.intake = free_ports(2)
        self.origin = self.url = f"https://127.0.0.1:{self.public}"
        for use in ("edge", "intake"):
            site.authority.issue(use, self.folder)
        self.config = self.folder / "gateway.toml"
        allowed = ", ".join(f'"{port}"' for port in ports)
        self.config.write_text(f"""
[public]
url = "{self.url}"
listen = "127.0.0.1:{self.public}"
certificate = "edge.crt"
key = "edge.key"

[intake]
listen = "127.0.0.1:{self.intake}"
certificate = "intake.crt"
key = "intake.key"

[data]
directory = "data"

[policy]
networks = ["127.0.0.0/8"]
ports = [{allowed}]
""")
        self.program = Program("sallyport-gateway", ["serve", "--config", self.config], site.log / "gateway.log",
                               lambda: accepts(self.public) and accepts(self.intake))
        self.enrol_in(site)

    def enrol_in(self, site):
        made = site.api.post("/edges", {"name": self.name, "kind": "gateway", "public_url": self.url,
                                        "intake_url": f"https://127.0.0.1:{self.intake}"})
        self.id = made["id"]
        kit = self.folder / "kit"
        kit.touch(0o600)
        kit.write_text(made["kit"])
        run("sallyport-gateway", "enrol", kit, "--config", self.config)
        self.program.start()
        site.edges[self.name] = self
        until(lambda: site.edge_state(self)["light"] == "green", 60, "the light of the gateway to be green")
