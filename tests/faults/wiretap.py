"""Listens at a cable for the first bytes that a node says to another: a real greeting, to be forged upon."""

import socket
import struct
import threading

ETHERNET_BYTES, ALL_PROTOCOLS, TCP = 14, 3, 6
KEPT = 4096


class Wiretap:
    """On from its making; streams are {(source, port, destination, port): first bytes}."""

    def __init__(self, device):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
        self.socket.bind((device, 0))
        self.streams = {}
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        while True:
            try:
                packet = self.socket.recv(1 << 16)
            except OSError:
                return
            self._note(packet[ETHERNET_BYTES:])

    def _note(self, packet):
        if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != TCP:
            return
        head = (packet[0] & 15) * 4
        source, destination = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
        from_port, to_port = struct.unpack(">HH", packet[head:head + 4])
        total = struct.unpack(">H", packet[2:4])[0]
        payload = packet[head + (packet[head + 12] >> 4) * 4:total]
        stream = self.streams.setdefault((source, from_port, destination, to_port), b"")
        if payload and len(stream) < KEPT:
            self.streams[(source, from_port, destination, to_port)] = stream + payload

    def said_to(self, port):
        """What was said first on connections to that port."""
        return [said for key, said in list(self.streams.items()) if key[3] == port and said]

    def close(self):
        self.socket.close()
