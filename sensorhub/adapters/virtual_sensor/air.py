"""The virtual air: bumble's link and controller with what version 0.0.236 leaves out."""

import asyncio
from typing import Any

from bumble import core, hci
from bumble.controller import Controller
from bumble.link import LocalLink

ACL_PACKET_BYTES = 251  # bumble's 27 would cut each notification into ten HCI packets


class AirController(Controller):  # type: ignore[misc]  # bumble ships no types
    """bumble's virtual controller; cancelling a connect also ends the pending one, with its event."""

    le_acl_data_packet_length = ACL_PACKET_BYTES
    pending_le_connection: Any

    def on_hci_le_create_connection_cancel_command(self, _command: Any) -> Any:
        """End the pending connect."""
        pending: Any = self.pending_le_connection
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


class Air(LocalLink):  # type: ignore[misc]  # bumble ships no types
    """A link on which a controller can fall silent; after the supervision timeout both hosts see 0x08."""

    def __init__(self, supervision_s: float) -> None:
        super().__init__()
        self._supervision_s = supervision_s
        self._silent: set[Any] = set()

    def vanish(self, controller: Any) -> None:
        """Out of reach, or the battery pulled: nothing passes any more."""
        self._silent.add(controller)
        asyncio.get_running_loop().call_later(self._supervision_s, self._expire, controller)

    def reappear(self, controller: Any) -> None:
        """Within reach again."""
        self._silent.discard(controller)

    def remove(self, controller: Any) -> None:
        """Take a controller away for good: its host is gone, and its peers lose their links."""
        self._end_links(controller, tell_self=False)
        self._silent.discard(controller)
        self.controllers.discard(controller)

    def _expire(self, controller: Any) -> None:
        if controller in self._silent:
            self._end_links(controller, tell_self=True)

    def _end_links(self, controller: Any, *, tell_self: bool) -> None:
        reason = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
        for connection in list(controller.le_connections.values()):
            for other in self.controllers - {controller}:
                peer = other.le_connections.get(connection.self_address)
                if peer is not None:
                    other.on_le_disconnected(peer, reason)
            if tell_self:
                controller.on_le_disconnected(connection, reason)

    def _is_silent(self, address: Any) -> bool:
        return self.find_le_controller(address) in self._silent

    def send_advertising_pdu(self, sender_controller: Any, packet: Any) -> None:
        """Pass an advertisement on to all who hear it."""
        if sender_controller in self._silent:
            return
        loop = asyncio.get_running_loop()
        for controller in self.controllers - self._silent - {sender_controller}:
            loop.call_soon(controller.on_ll_advertising_pdu, packet)

    def send_ll_control_pdu(self, sender_address: Any, receiver_address: Any, packet: Any) -> None:
        """Pass a link control packet on; a peer that is gone already needs none."""
        if self._is_silent(receiver_address) or self._is_silent(sender_address):
            return
        try:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)
        except core.InvalidArgumentError:
            return

    def send_acl_data(self, sender_controller: Any, destination_address: Any, _transport: Any, data: bytes) -> None:
        """Pass data on, from the address of the connection (bumble takes the random one even where it is not used)."""
        if sender_controller in self._silent or self._is_silent(destination_address):
            return
        peer = self.find_le_controller(destination_address)
        connection = sender_controller.le_connections.get(destination_address)
        if peer is not None and connection is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(peer.on_link_acl_data, connection.self_address, _transport, data)
