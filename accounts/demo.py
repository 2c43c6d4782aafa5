"""The demo's published accounts; a production check refuses a site that has them."""

from dataclasses import dataclass

from accounts.roles import Role

DEMO_PASSWORD = "wanzhou-2024"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One published account."""

    username: str
    name: str
    role: Role
    department: str = ""


DEMO_ACCOUNTS = (
    DemoAccount("tianbao", "填报员", Role.STAFF, "500101-JTW"),
    DemoAccount("diaodu", "调度管理员", Role.MANAGER, "500101-FGW"),
    DemoAccount("admin", "系统管理员", Role.ADMIN),
    DemoAccount("lingdao", "领导", Role.LEADER),
)
DEMO_USERNAMES = tuple(account.username for account in DEMO_ACCOUNTS)
