"""Pretend phones: texts that never leave the house."""

from server.gateways.pretend.gateway import PretendGateway, Sink

__all__ = ["PretendGateway", "Sink"]
