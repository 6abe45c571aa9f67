"""One line of the table."""

import dataclasses


@dataclasses.dataclass
class Row:
    what: str
    bound: float
    reached: float
    how: str = ""
    unit: str = ""
    at_most: bool = False  # the bound is an upper one

    @property
    def met(self):
        return self.reached <= self.bound if self.at_most else self.reached >= self.bound

    def line(self):
        sign = "<=" if self.at_most else ">="
        mark = "" if self.met else " MISSED"
        return f"| {self.what:58} | {f'{sign} {self.bound:,g} {self.unit}':>18} | {f'{self.reached:,.4g} {self.unit}':>10} | {self.how}{mark} |"
