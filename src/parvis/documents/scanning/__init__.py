"""Looking for viruses: a port of one method, its adapters, and which one this machine has."""

from parvis.documents.scanning.clamd import Clamd
from parvis.documents.scanning.eicar import EicarOnly
from parvis.documents.scanning.port import Scanner, Verdict
from parvis.documents.scanning.registry import scanner

__all__ = ["Clamd", "EicarOnly", "Scanner", "Verdict", "scanner"]
