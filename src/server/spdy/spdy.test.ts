import { constants, createDeflate, createInflate } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpdyConnection, type SpdyStream } from "./connection.ts";
import { SPDY_DICTIONARY } from "./dictionary.ts";
import { controlFrame, dataHead, FLAG_FIN, FrameType, uint32s } from "./frames.ts";

/** A client's side, as far as it takes to talk to the connection. */
function connect() {
  const sent: Buffer[] = [];
  const streams: SpdyStream[] = [];
  const state = { isEnded: false, isClosed: false };
  const carrier = {
    write: (bytes: Buffer) => void sent.push(bytes),
    end: () => {
      state.isEnded = true;
    },
  };
  const received: string[] = [];
  const connection = new SpdyConnection(
    carrier,
    (stream) => {
      streams.push(stream);
      stream.onData = (bytes) => void received.push(bytes.toString());
      stream.onEnd = () => void received.push("END");
    },
    () => {
      state.isClosed = true;
    },
  );
  return { connection, sent, streams, received, state };
}

const deflater = () => createDeflate({ dictionary: SPDY_DICTIONARY });

/** The next header block of a client's compressed stream. */
function block(deflate: ReturnType<typeof deflater>, headers: Record<string, string>): Promise<Buffer> {
  const parts = [uint32s(Object.keys(headers).length)];
  for (const text of Object.entries(headers).flat()) parts.push(uint32s(text.length), Buffer.from(text));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer) => void chunks.push(chunk);
    deflate.on("data", take);
    deflate.write(Buffer.concat(parts), () =>
      deflate.flush(constants.Z_SYNC_FLUSH, () => {
        deflate.off("data", take);
        resolve(Buffer.concat(chunks));
      }),
    );
  });
}

const synStream = (id: number, headers: Buffer, flags = 0) =>
  controlFrame(FrameType.synStream, flags, Buffer.concat([uint32s(id, 0), Buffer.alloc(2), headers]));

describe("a SPDY connection", () => {
  it("opens streams, replies to each, and takes data that was sent before the headers were unfolded", async () => {
    const { connection, sent, streams, received } = connect();
    const deflate = deflater();
    const first = synStream(1, await block(deflate, { streamType: "error", port: "80" }), FLAG_FIN);
    const second = synStream(3, await block(deflate, { streamType: "data", port: "80" }));
    const data = Buffer.concat([dataHead(3, FLAG_FIN, 5), Buffer.from("hello")]);
    const all = Buffer.concat([first, second, data]);
    // One byte at a time: frames may be cut anywhere.
    for (const byte of all) connection.push(Buffer.from([byte]));
    await expect.poll(() => received.join("")).toBe("ENDhelloEND");
    expect(streams.map(({ headers }) => headers.get("streamtype"))).toEqual(["error", "data"]);
    const replies = sent.filter((frame) => frame.readUInt16BE(2) === FrameType.synReply && frame[0] === 0x80);
    expect(replies.map((frame) => frame.readUInt32BE(8))).toEqual([1, 3]);
    // A client's own zlib reads what stands in for a compressor here.
    const inflate = createInflate({ dictionary: SPDY_DICTIONARY });
    const unfolded: Buffer[] = [];
    inflate.on("data", (chunk: Buffer) => void unfolded.push(chunk));
    for (const reply of replies) inflate.write(reply.subarray(12));
    await expect.poll(() => Buffer.concat(unfolded)).toEqual(Buffer.alloc(8));
  });

  it("gives windows back, answers pings, and sends data in frames", async () => {
    const { connection, sent, streams } = connect();
    connection.push(synStream(1, await block(deflater(), { streamType: "data" })));
    connection.push(controlFrame(FrameType.ping, 0, uint32s(7)));
    connection.push(Buffer.concat([dataHead(1, 0, 3), Buffer.from("abc")]));
    const types = () => sent.map((frame) => [frame.readUInt16BE(2), frame.readUInt32BE(8)]);
    await expect.poll(types).toEqual([
      [FrameType.synReply, 1],
      [FrameType.ping, 7],
      [FrameType.windowUpdate, 1],
      [FrameType.windowUpdate, 0],
    ]);
    sent.length = 0;
    streams[0]?.write(Buffer.alloc(40_000, 1));
    streams[0]?.end();
    expect(sent.map((frame) => frame.readUIntBE(5, 3))).toEqual([32_768, 7_232, 0]);
    expect(sent[2]?.[4]).toBe(FLAG_FIN);
  });

  it("closes at a protocol error and at goodbye", async () => {
    const wrong = [
      Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n").fill(0x80, 0, 1),
      controlFrame(FrameType.synReply, 0, uint32s(1)),
      controlFrame(FrameType.rstStream, 0, Buffer.alloc(1)),
      synStream(1, Buffer.from("no zlib")),
      controlFrame(FrameType.goAway, 0, uint32s(0, 0)),
      Buffer.from([0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff]),
    ];
    for (const bytes of wrong) {
      const { connection, state } = connect();
      connection.push(bytes);
      await expect.poll(() => state).toEqual({ isEnded: true, isClosed: true });
    }
  });

  it("refuses a header block that unfolds without end", async () => {
    const { connection, state, streams } = connect();
    connection.push(synStream(1, await block(deflater(), { streamType: "x".repeat(50_000) })));
    await expect.poll(() => state.isEnded).toBe(true);
    expect(streams).toEqual([]);
  });

  it("resets a stream beyond the limit and tells streams that end in the middle", async () => {
    const { connection, sent, received, streams } = connect();
    const deflate = deflater();
    for (let index = 0; index < 513; index++) {
      connection.push(synStream(2 * index + 1, await block(deflate, { streamType: "data" })));
      await new Promise((resolve) => setImmediate(resolve));
    }
    // It is reset when the others have been answered.
    await expect.poll(() => sent.length).toBeGreaterThanOrEqual(513);
    expect(streams.length).toBe(512);
    expect(sent.at(-1)?.readUInt16BE(2)).toBe(FrameType.rstStream);
    connection.push(controlFrame(FrameType.rstStream, 0, uint32s(1, 5)));
    expect(received).toEqual(["END"]);
    connection.lost();
    expect(received.length).toBe(512);
  });

  it("survives any bytes", async () => {
    const chunk = fc.uint8Array({ maxLength: 64 });
    const nearlyFrame = fc
      .tuple(fc.integer({ min: 0, max: 12 }), fc.uint8Array({ maxLength: 40 }), fc.nat(255))
      .map(([type, body, flags]) => controlFrame(type, flags, Buffer.from(body)));
    const some = fc.oneof(
      chunk.map((bytes) => Buffer.from(bytes)),
      nearlyFrame,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(some, { maxLength: 20 }), async (chunks) => {
        const { connection } = connect();
        for (const each of chunks) connection.push(each);
        await new Promise((resolve) => setImmediate(resolve));
        connection.lost();
      }),
      { numRuns: 300 },
    );
  });
});
