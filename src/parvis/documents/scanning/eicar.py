from typing import BinaryIO

from parvis.documents.scanning.port import Verdict

# The harmless file by which every antivirus is tried; in two pieces, so that this source is not one.
TEST_VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_BLOCK = 1024 * 1024


class EicarOnly:
    """The stand-in of the demo: finds the test virus and claims nothing about any other file."""

    def scan(self, stream: BinaryIO) -> Verdict:
        tail = b""
        while block := stream.read(_BLOCK):
            if TEST_VIRUS in tail + block:
                return Verdict("infected", "Eicar-Test-Signature")
            tail = block[-len(TEST_VIRUS) :]
        return Verdict("unchecked", "Démonstration : seul le virus d’essai EICAR est recherché.")
