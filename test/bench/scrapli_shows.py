"""Gives commands to a device over several connections at once with scrapli's asynchronous driver; prints how long opening and the commands took, in milliseconds."""

import asyncio
import json
import sys
import time
from copy import deepcopy

from scrapli.driver.core import AsyncIOSXEDriver
from scrapli.driver.core.cisco_iosxe.base_driver import PRIVS

# FRRouting's prompt is that of IOS, followed by a blank.
LEVELS = deepcopy(PRIVS)
for level in LEVELS.values():
    level.pattern = level.pattern.replace("$", r"\s?$")


async def main() -> None:
    asked = json.load(sys.stdin)
    drivers = [
        AsyncIOSXEDriver(
            host=asked["host"],
            port=asked["port"],
            auth_username=asked["user"],
            auth_private_key=asked["key_file"],
            auth_strict_key=False,
            privilege_levels=LEVELS,
            transport="asyncssh",
            ssh_config_file=False,
        )
        for _ in range(asked["connections"])
    ]
    began = time.perf_counter()
    await asyncio.gather(*(driver.open() for driver in drivers))
    opened = time.perf_counter()

    async def give(driver: AsyncIOSXEDriver) -> int:
        replies = [await driver.send_command(command) for command in asked["commands"]]
        return sum(len(reply.result) for reply in replies)

    characters = await asyncio.gather(*(give(driver) for driver in drivers))
    done = time.perf_counter()
    await asyncio.gather(*(driver.close() for driver in drivers))
    print(json.dumps({"open_ms": (opened - began) * 1000, "shows_ms": (done - opened) * 1000, "characters": sum(characters)}))


asyncio.run(main())
