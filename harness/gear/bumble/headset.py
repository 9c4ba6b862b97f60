"""A Bluetooth headset of software: the hands-free side of HFP, over Bumble.

It holds a Bluetooth controller (a USB dongle, or the radio of Android's emulators)
and does what it is told on its standard input, in the protocol of harness/gear
(headset.go): a JSON object a line, one answer for each request. Between answers it
tells what it noticed, as {"event": "..."}. It ends, and switches the radio off, when
its input ends.

It makes no sound: the voice channel is opened and closed as the phone wants, and
what comes through it is thrown away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading

MISSING_BUMBLE = "bumble"
MISSING_RADIO = "radio"


def say(**line):
    """Prints one line of the protocol. Whoever is not there any more hears nothing."""
    try:
        print(json.dumps(line), flush=True)
    except OSError:
        pass


def requests(loop):
    """Returns a queue of the lines of standard input, then None. A thread reads: not
    every system can watch a pipe."""
    queue = asyncio.Queue()

    def put(line):
        try:
            loop.call_soon_threadsafe(queue.put_nowait, line)
        except RuntimeError:
            pass  # the loop has ended

    def read():
        for line in sys.stdin:
            put(line)
        put(None)

    threading.Thread(target=read, daemon=True).start()
    return queue


class Refused(Exception):
    """The headset cannot do what it was told; says why."""


def headset_class():
    """The Headset, made only once it is known that Bumble can be imported."""
    from bumble import core, hci, hfp, rfcomm
    from bumble.device import Device, DeviceConfiguration
    from bumble.host import Host
    from bumble.pairing import PairingConfig, PairingDelegate

    # No codec negotiation: the phone then opens the voice channel with CVSD, which
    # every controller can.
    CONFIGURATION = hfp.HfConfiguration(
        supported_hf_features=[
            hfp.HfFeature.THREE_WAY_CALLING,
            hfp.HfFeature.CLI_PRESENTATION_CAPABILITY,
            hfp.HfFeature.REMOTE_VOLUME_CONTROL,
        ],
        supported_hf_indicators=[],
        supported_audio_codecs=[hfp.AudioCodec.CVSD],
    )
    RECORD = 0x00010001
    # Audio and voice: a wearable headset (Assigned Numbers, 2.8).
    CLASS_OF_DEVICE = 0x240404
    # How long a phone may think about an AT command, a page and a farewell, in
    # seconds. A page takes the controller 5.12 s if nobody answers.
    AT_TIME, PAGE_TIME, LEAVE_TIME = 5, 8, 2
    # A phone that connects by itself does so within this time of the link; else the
    # headset opens the service.
    PATIENCE = 3

    class HandsFree(hfp.HfProtocol):
        async def execute_command(self, cmd, timeout=AT_TIME, **kinds):
            return await super().execute_command(cmd, timeout, **kinds)

    class Consent(PairingDelegate):
        """Just works, but only while somebody pairs it."""

        def __init__(self, headset):
            super().__init__(PairingDelegate.NO_OUTPUT_NO_INPUT)
            self.headset = headset

        async def accept(self):
            return self.headset.pairing

        async def confirm(self, auto=False):
            return self.headset.pairing

    class Nobody:
        def on_packet(self, packet):
            pass

    class Headset:
        """A headset whose Device lives as long as it is switched on."""

        verbs = ["hello", "state", "come", "leave", "vanish", "answer", "hangup", "swap", "pair"]

        def __init__(self, transport, keys, name):
            self.transport, self.keys, self.name = transport, keys, name
            self.address = ""
            self.device = None
            self.tasks = set()
            self.pairing = False
            self.hands_free, self.connected = None, False
            self.audio = None
            self.caller = ""

        # What it knows.

        def off(self):
            self.pairing = False
            self.silence()
            self.disconnected()

        def silence(self):
            if self.audio is not None:
                self.audio = None
                say(event="audio off")

        def disconnected(self):
            if self.connected:
                say(event="disconnected")
            self.hands_free, self.connected = None, False
            self.caller = ""

        def indicator(self, which):
            if not self.connected:
                return 0
            return next((i.current_status for i in self.hands_free.ag_indicators if i.indicator == which), 0)

        @property
        def ringing(self):
            return self.indicator(hfp.AgIndicator.CALL_SETUP) == hfp.CallSetupAgIndicator.INCOMING_CALL_PROCESS

        def state(self):
            return {
                "address": self.address,
                "connected": self.connected,
                "audio": self.audio is not None,
                "ringing": self.ringing,
                "caller": self.caller,
            }

        # What it does.

        async def do(self, verb):
            if verb in ("hello", "state"):
                return
            if verb not in self.verbs:
                raise Refused("unknown request")
            await getattr(self, verb)()

        async def check(self):
            """Learns whether there is a radio, and its address."""
            await self.power_on()
            await self.vanish()

        async def come(self):
            if self.device is None:
                await self.power_on()
                await self.device.set_connectable(True)
                self.spawn(self.connect())

        async def pair(self):
            await self.come()
            self.pairing = True
            await self.device.set_discoverable(True)

        async def leave(self):
            if self.device is None:
                return
            for connection in list(self.device.connections.values()):
                try:
                    await asyncio.wait_for(
                        connection.disconnect(hci.HCI_REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_POWER_OFF_ERROR),
                        LEAVE_TIME,
                    )
                except (core.BaseBumbleError, asyncio.TimeoutError) as e:
                    print(f"leave without a farewell: {e!r}", file=sys.stderr)
            await self.vanish()

        async def vanish(self):
            """A controller that is reset forgets its links without telling anybody."""
            if self.device is None:
                return
            device, self.device = self.device, None
            tasks, self.tasks = self.tasks, set()
            for t in tasks:
                t.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.off()
            try:
                await asyncio.wait_for(device.host.send_sync_command(hci.HCI_Reset_Command()), LEAVE_TIME)
            finally:
                self.transport.source.set_packet_sink(Nobody())

        async def answer(self):
            if not self.ringing:
                raise Refused("nobody calls")
            await self.at("ATA")

        async def hangup(self):
            if not self.indicator(hfp.AgIndicator.CALL) and not self.indicator(hfp.AgIndicator.CALL_SETUP):
                raise Refused("there is no call")
            await self.at("AT+CHUP")

        async def swap(self):
            if not self.indicator(hfp.AgIndicator.CALL):
                raise Refused("there is no call")
            await self.at("AT+CHLD=2")

        async def at(self, command):
            try:
                await self.hands_free.execute_command(command)
            except hfp.HfpProtocolError as e:
                raise Refused(f"the phone answers {command} with {e.error_name}") from e
            except asyncio.TimeoutError:
                # Its late answer would be taken for the next one's.
                await self.vanish()
                raise Refused(f"the phone does not answer {command} within {AT_TIME} s") from None

        # What happens to it.

        def spawn(self, coroutine):
            task = asyncio.create_task(coroutine)
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

        async def power_on(self):
            config = DeviceConfiguration(
                name=self.name,
                class_of_device=CLASS_OF_DEVICE,
                classic_enabled=True,
                le_enabled=False,
                connectable=False,
                discoverable=False,
                keystore=f"JsonKeyStore:{self.keys}" if self.keys else None,
            )
            host = Host(self.transport.source, self.transport.sink)
            device = Device(config=config, host=host)
            device.pairing_config_factory = lambda _: PairingConfig(
                sc=True, mitm=False, bonding=True, delegate=Consent(self)
            )
            channel = rfcomm.Server(device).listen(self.on_dlc)
            device.sdp_service_records = {RECORD: hfp.make_hf_sdp_records(RECORD, channel, CONFIGURATION)}
            device.on(device.EVENT_SCO_REQUEST, self.on_sco_request)
            device.on(device.EVENT_SCO_CONNECTION, self.on_sco)
            device.on(device.EVENT_KEY_STORE_UPDATE, self.on_bonded)
            self.device = device
            await device.power_on()
            self.address = device.public_address.to_string(False)

        def on_bonded(self):
            self.pairing = False
            self.spawn(self.device.set_discoverable(False))
            say(event="bonded")

        async def connect(self):
            """Looks for the phone until one of the two has opened the service."""
            while True:
                for name, _ in await self.device.keystore.get_all():
                    if self.hands_free is None:
                        try:
                            await self.call(hci.Address(name.split("/")[0], hci.Address.PUBLIC_DEVICE_ADDRESS))
                        except Exception as e:  # pylint: disable=broad-exception-caught
                            print(f"connect: {e!r}", file=sys.stderr)
                await asyncio.sleep(1)

        async def call(self, phone):
            device = self.device
            connection = device.find_connection_by_bd_addr(phone, transport=core.PhysicalTransport.BR_EDR)
            if connection:
                await asyncio.sleep(PATIENCE)
                if self.hands_free is not None:
                    return
            else:
                connection = await device.connect(phone, transport=core.PhysicalTransport.BR_EDR, timeout=PAGE_TIME)
            if not connection.is_encrypted:
                await connection.authenticate()
                await connection.encrypt()
            record = await hfp.find_ag_sdp_record(connection)
            if record is None:
                raise core.ProtocolError(0, "sdp", "the phone has no hands-free service")
            multiplexer = await rfcomm.Client(connection).start()
            self.on_dlc(await multiplexer.open_dlc(record[0]))

        def on_dlc(self, dlc):
            connection = dlc.multiplexer.l2cap_channel.connection
            if self.hands_free is not None or not connection.is_encrypted:
                print("a second, or an open, connection is not taken", file=sys.stderr)
                self.spawn(dlc.disconnect())
                return
            self.hands_free = HandsFree(dlc, CONFIGURATION)
            self.spawn(self.serve(self.hands_free, connection))

        async def serve(self, hands_free, connection):
            """Talks HFP with the phone until the connection ends."""
            gone = asyncio.get_running_loop().create_future()

            def on_end(reason=None):
                if not gone.done():
                    gone.set_result(reason)

            connection.on(connection.EVENT_DISCONNECTION, on_end)
            hands_free.dlc.on(hands_free.dlc.EVENT_CLOSE, on_end)
            # Bumble answers a phone that closes the service, and tells nobody.
            closed = hands_free.dlc.on_disc_frame
            hands_free.dlc.on_disc_frame = lambda frame: (closed(frame), on_end())
            talk = asyncio.create_task(self.talk(hands_free))
            try:
                await asyncio.wait({gone, talk}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                talk.cancel()
                if self.hands_free is hands_free:
                    self.disconnected()

        async def talk(self, hands_free):
            try:
                await hands_free.initiate_slc()
                await hands_free.execute_command("AT+CLIP=1")
                if hands_free.supports_ag_feature(hfp.AgFeature.THREE_WAY_CALLING):
                    await hands_free.execute_command("AT+CCWA=1")
            except (core.BaseBumbleError, asyncio.TimeoutError, ValueError, IndexError) as e:
                print(f"the phone and the headset do not understand each other: {e!r}", file=sys.stderr)
                await hands_free.dlc.disconnect()
                return
            hands_free.on(hands_free.EVENT_AG_INDICATOR, self.on_indicator)
            hands_free.on(hands_free.EVENT_RING, lambda: say(event="ring"))
            hands_free.on(hands_free.EVENT_CLI_NOTIFICATION, self.on_caller)
            self.connected = True
            say(event="connected")
            while True:
                try:
                    await hands_free.handle_unsolicited()
                except hands_free.HfLoopTermination:
                    return
                except (core.BaseBumbleError, asyncio.TimeoutError, ValueError, IndexError) as e:
                    # One line that makes no sense is no reason to hang up.
                    print(f"the phone said something odd: {e!r}", file=sys.stderr)

        def on_indicator(self, state):
            if state.indicator in (hfp.AgIndicator.CALL, hfp.AgIndicator.CALL_SETUP, hfp.AgIndicator.CALL_HELD):
                say(event=f"{state.indicator.value}={state.current_status}")
            if state.indicator == hfp.AgIndicator.CALL_SETUP and not self.ringing:
                self.caller = ""

        def on_caller(self, clip):
            # Who calls is for the one who asks for the state: events are kept.
            self.caller = (clip.alpha or clip.number).strip('"')
            say(event="caller")

        def on_sco_request(self, connection, link_type):
            parameters = hfp.ESCO_PARAMETERS[
                hfp.DefaultCodecParameters.SCO_CVSD_D1
                if link_type == hci.HCI_Connection_Complete_Event.LinkType.SCO
                else hfp.DefaultCodecParameters.ESCO_CVSD_S4
            ]
            # The plain command, not the enhanced one: for CVSD they say the same, and
            # dongles of Bluetooth 4.0 know it.
            accept = hci.HCI_Accept_Synchronous_Connection_Request_Command(
                bd_addr=connection.peer_address,
                transmit_bandwidth=parameters.transmit_bandwidth,
                receive_bandwidth=parameters.receive_bandwidth,
                max_latency=parameters.max_latency,
                voice_setting=0x0060,  # CVSD on the air, 16 bit linear here
                retransmission_effort=parameters.retransmission_effort,
                packet_type=parameters.packet_type,
            )
            self.spawn(self.device.send_async_command(accept))

        def on_sco(self, link):
            self.audio = link
            say(event="audio on")

            def on_end(_reason):
                if self.audio is link:
                    self.silence()

            link.on(link.EVENT_DISCONNECTION, on_end)

    return Headset


async def serve(headset, queue):
    while True:
        line = await queue.get()
        if line is None:
            return
        verb, why = None, None
        try:
            verb = json.loads(line)["do"]
            await headset.do(verb)
        except Refused as e:
            why = str(e)
        except (ValueError, TypeError, KeyError):
            why = "the request is not understood"
        except Exception as e:  # pylint: disable=broad-exception-caught
            why = repr(e)
        more = {"can": headset.verbs} if verb == "hello" else {}
        if why is not None:
            more["error"] = why
        say(ok=why is None, **headset.state(), **more)


async def unable(queue, missing, why):
    """Answers the first request with what is missing."""
    if await queue.get() is not None:
        say(ok=False, missing=missing, error=why)


async def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("transport", help="where the radio is, as Bumble names it: usb:0, android-netsim, tcp-client:HOST:PORT")
    parser.add_argument("--keys", default="", help="the file that remembers the phones it is bonded with")
    parser.add_argument("--name", default="Ringproof Headset", help="what phones show it as")
    args = parser.parse_args()
    loop = asyncio.get_running_loop()
    queue = requests(loop)
    # Ctrl-C goes to everybody at the terminal; who started the headset ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGTERM") and os.name != "nt":
        loop.add_signal_handler(signal.SIGTERM, queue.put_nowait, None)
    try:
        from bumble.transport import open_transport

        headset_type = headset_class()
    except ImportError as e:
        await unable(queue, MISSING_BUMBLE, str(e))
        return
    try:
        transport = await open_transport(args.transport)
        headset = headset_type(transport, args.keys, args.name)
        await headset.check()
    except Exception as e:  # pylint: disable=broad-exception-caught
        await unable(queue, MISSING_RADIO, f"{e}" or repr(e))
        return
    say(event="ready")
    try:
        await serve(headset, queue)
    finally:
        await headset.leave()
        await transport.close()


if __name__ == "__main__":
    asyncio.run(main())
