"""Prints as JSON what Perfetto's published protocol reads from a trace."""
import json
import sys

from google.protobuf import unknown_fields
from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as proto


def strangers(message, path):
    """The fields that the protocol does not have."""
    found = [f"{path}.{f.field_number}" for f in unknown_fields.UnknownFieldSet(message)]
    for field, value in message.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        for inner in value if field.is_repeated else [value]:
            found += strangers(inner, f"{path}.{field.name}")
    return found


trace = proto.Trace()
with open(sys.argv[1], "rb") as f:
    trace.ParseFromString(f.read())
tracks, slices, open_, bad = {}, [], {}, strangers(trace, "trace")
for packet in trace.packet:
    if not packet.trusted_packet_sequence_id:
        bad.append("a packet of no sequence")
    if packet.HasField("track_descriptor"):
        d = packet.track_descriptor
        if d.uuid in tracks or d.parent_uuid and d.parent_uuid not in tracks:
            bad.append(f"track {d.uuid} below {d.parent_uuid}")
        tracks[d.uuid] = tracks.get(d.parent_uuid, []) + [d.name]
    if packet.HasField("track_event"):
        e = packet.track_event
        if e.track_uuid not in tracks or packet.timestamp_clock_id != proto.BUILTIN_CLOCK_BOOTTIME:
            bad.append(f"an event on track {e.track_uuid}, clock {packet.timestamp_clock_id}")
        kind = proto.TrackEvent.Type.Name(e.type)
        if kind == "TYPE_SLICE_BEGIN":
            open_[e.track_uuid] = (packet.timestamp, e)
            continue
        if kind == "TYPE_SLICE_END":
            began, e = open_.pop(e.track_uuid)
        else:
            began = packet.timestamp
        slices.append({
            "track": tracks[e.track_uuid], "name": e.name, "at": began, "ns": packet.timestamp - began,
            "args": {a.name: a.string_value for a in e.debug_annotations},
        })
bad += [f"track {t} has an open slice" for t in open_]
json.dump({"slices": slices, "bad": bad}, sys.stdout)
