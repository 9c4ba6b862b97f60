"""A phone's Bluetooth for the tests of headset.py: the audio gateway of HFP, by Bumble.

It makes a radio link of software with two controllers. One is its own; the other
waits for an HCI host at a TCP port, which it prints: the headset's. It reads commands
and prints what it notices, as words on lines.

Bumble's controllers do not do all that real ones do; Radio adds what a headset
meets: links that are lost when a controller is reset or unplugged, stored link keys,
and encryption.
"""

import asyncio
import socket
import sys
import threading

from bumble import controller, core, hci, hfp, rfcomm
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host
from bumble.link import LocalLink
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.common import AsyncPipeSink
from bumble.transport.tcp_server import open_tcp_server_transport_with_socket

PHONE, HEADSET = "02:00:00:00:00:AA", "02:00:00:00:00:BB"


def say(*words):
    print(*words, flush=True)


class Radio(controller.Controller):
    def drop(self):
        """The links of a controller that lost its power; the other end notices."""
        for address in list(self.classic_connections):
            del self.classic_connections[address]
            self.sco_links.pop(address, None)
            other = self.link.find_classic_controller(address)
            if self.public_address in other.sco_links:
                other.on_classic_sco_disconnected(self.public_address, hci.HCI_CONNECTION_TIMEOUT_ERROR)
            other.on_classic_disconnected(self.public_address, hci.HCI_CONNECTION_TIMEOUT_ERROR)
        self.classic_scan_enable = 0

    def on_hci_reset_command(self, command):
        self.drop()
        return super().on_hci_reset_command(command)

    def on_hci_create_connection_command(self, command):
        other = self.link.find_classic_controller(command.bd_addr)
        if other is not None and other.classic_scan_enable & 2:
            super().on_hci_create_connection_command(command)
            return
        # Nobody answers the page.
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        self.on_classic_connection_complete(command.bd_addr, hci.HCI_PAGE_TIMEOUT_ERROR)

    def on_hci_accept_synchronous_connection_request_command(self, command):
        self.on_hci_enhanced_accept_synchronous_connection_request_command(command)

    def on_hci_authentication_requested_command(self, command):
        connection = self.find_classic_connection_by_handle(command.connection_handle)
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        self.send_hci_packet(hci.HCI_Link_Key_Request_Event(bd_addr=connection.peer_address))

    def on_hci_set_connection_encryption_command(self, command):
        connection = self.find_classic_connection_by_handle(command.connection_handle)
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        other = self.link.find_classic_controller(connection.peer_address)
        for radio, peer in ((self, connection.peer_address), (other, self.public_address)):
            radio.send_hci_packet(
                hci.HCI_Encryption_Change_Event(
                    status=hci.HCI_SUCCESS,
                    connection_handle=radio.classic_connections[peer].handle,
                    encryption_enabled=1,
                )
            )


class Gateway(hfp.AgProtocol):
    deaf = False

    def _read_at(self, data):
        say("at", data.decode().strip())
        if not self.deaf:
            super()._read_at(data)


class Phone:
    """Says what Android's audio gateway says: bta_ag_cmd.cc, and HeadsetStateMachine.java."""

    CONFIGURATION = hfp.AgConfiguration(
        supported_ag_features=[
            hfp.AgFeature.THREE_WAY_CALLING,
            hfp.AgFeature.REJECT_CALL,
            hfp.AgFeature.ENHANCED_CALL_STATUS,
        ],
        supported_ag_indicators=[
            hfp.AgIndicatorState.call(),
            hfp.AgIndicatorState.callsetup(),
            hfp.AgIndicatorState.service(),
            hfp.AgIndicatorState.signal(),
            hfp.AgIndicatorState.roam(),
            hfp.AgIndicatorState.battchg(),
            hfp.AgIndicatorState.callheld(),
        ],
        supported_hf_indicators=[],
        supported_ag_call_hold_operations=[
            hfp.CallHoldOperation.RELEASE_ALL_HELD_CALLS,
            hfp.CallHoldOperation.HOLD_ALL_ACTIVE_CALLS,
        ],
        supported_audio_codecs=[hfp.AudioCodec.CVSD],
    )

    def __init__(self, radio):
        config = DeviceConfiguration(name="Phone", classic_enabled=True, le_enabled=False)
        self.device = Device(config=config, host=Host(radio, AsyncPipeSink(radio)))
        self.device.pairing_config_factory = lambda _: PairingConfig(
            sc=True, mitm=False, bonding=True, delegate=PairingDelegate(PairingDelegate.NO_OUTPUT_NO_INPUT)
        )
        channel = rfcomm.Server(self.device).listen(self.on_dlc)
        self.device.sdp_service_records = {1: hfp.make_ag_sdp_records(1, channel, self.CONFIGURATION)}
        self.device.on(self.device.EVENT_CONNECTION, self.on_connection)
        self.ag, self.connection, self.sco = None, None, None

    def on_connection(self, connection):
        self.connection = connection
        say("linked")

        def on_disconnection(reason):
            self.ag = self.connection = self.sco = None
            say("lost", hci.HCI_Constant.error_name(reason))

        connection.on(connection.EVENT_DISCONNECTION, on_disconnection)

    def on_dlc(self, dlc):
        self.ag = Gateway(dlc, self.CONFIGURATION)
        self.ag.on(self.ag.EVENT_SLC_COMPLETE, lambda: say("service"))
        self.ag.on(self.ag.EVENT_ANSWER, self.on_answer)
        self.ag.on(self.ag.EVENT_HANG_UP, self.on_hang_up)

    def tell(self, **indicators):
        for which, value in indicators.items():
            self.ag.update_ag_indicator(hfp.AgIndicator(which), value)

    def on_answer(self):
        self.tell(call=1, callsetup=0)
        asyncio.create_task(self.open_audio())

    def on_hang_up(self):
        self.tell(call=0, callsetup=0)
        if self.sco:
            asyncio.create_task(self.sco.disconnect())

    # What the test has it do.

    async def do(self, verb, *words):
        try:
            await getattr(self, verb)(*words)
        except Exception as e:
            say("error", verb, repr(e))

    async def find(self):
        """Pages the headset, bonds with it and opens its service, as a tap in the settings does."""
        address = hci.Address(HEADSET, hci.Address.PUBLIC_DEVICE_ADDRESS)
        try:
            connection = self.connection or await self.device.connect(address, transport=core.PhysicalTransport.BR_EDR)
            await connection.authenticate()
            await connection.encrypt()
            channel, _, features = await hfp.find_hf_sdp_record(connection)
        except (core.BaseBumbleError, hci.HCI_Error) as e:
            say("unfound", type(e).__name__)
            return
        say("record", f"{int(features):#x}")
        multiplexer = await rfcomm.Client(connection).start()
        self.on_dlc(await multiplexer.open_dlc(channel))

    async def open_audio(self):
        parameters = hfp.ESCO_PARAMETERS[hfp.DefaultCodecParameters.ESCO_CVSD_S4].asdict()
        opened = asyncio.get_running_loop().create_future()
        self.device.once(self.device.EVENT_SCO_CONNECTION, opened.set_result)
        await self.device.send_async_command(
            hci.HCI_Enhanced_Setup_Synchronous_Connection_Command(
                connection_handle=self.connection.handle, **parameters
            )
        )
        self.sco = await opened

    async def ring(self, number):
        self.tell(callsetup=1)
        self.ag.send_ring()
        self.ag.send_cli_notification(hfp.CallLineIdentification(number=f'"{number}"', type=145))

    async def cancel(self):
        self.tell(callsetup=0)

    async def end(self):
        self.on_hang_up()

    async def line(self, *words):
        """Says a line as it is."""
        self.ag.send_response(" ".join(words))

    async def deaf(self):
        """It answers nothing any more."""
        self.ag.deaf = True
        say("deaf")

    async def close(self):
        await self.ag.dlc.disconnect()


async def main():
    link = LocalLink()
    sock = socket.create_server(("127.0.0.1", 0))
    transport = await open_tcp_server_transport_with_socket(sock)
    Radio("headset", transport.source, transport.sink, link, HEADSET)  # the link holds it
    phone = Phone(Radio("phone", link=link, public_address=PHONE))
    await phone.device.power_on()

    loop = asyncio.get_running_loop()
    commands = asyncio.Queue()

    def read():
        for line in sys.stdin:
            loop.call_soon_threadsafe(commands.put_nowait, line.split())
        loop.call_soon_threadsafe(commands.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    say("port", sock.getsockname()[1])
    while words := await commands.get():
        asyncio.create_task(phone.do(*words))


asyncio.run(main())
