import { describe, expect, it } from "vitest";
import { formatAge, formatDuration, parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  it.each([
    ["300", 300_000],
    ["1.5s", 1_500],
    ["250ms", 250],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["2d", 172_800_000],
    ["0", 0],
    ["0s", 0],
    ["007s", 7_000],
    [" 3m ", 180_000],
    ["1234567890123s", 1_234_567_890_123_000],
    ["1s500ms", 1_500],
  ])("reads %s", (text, durationMs) => expect(parseDuration(text)).toBe(durationMs));

  it.each([
    "",
    "-5",
    "-5s",
    "5x",
    "1e400",
    "NaN",
    "s",
    "5 m",
    "5ss",
    "5sm",
    "5c",
    "5_",
    "Infinity",
    "9".repeat(400),
  ])("refuses %j", (text) => expect(parseDuration(text)).toBeUndefined());
});

describe("formatDuration", () => {
  it.each([
    [250, "250ms"],
    [1_500, "1.5s"],
    [300_000, "5m"],
    [5_400_000, "1h30m"],
    [90_061_000, "1d1h"],
  ])("writes %d ms", (durationMs, text) => expect(formatDuration(durationMs)).toBe(text));
});

describe("formatAge", () => {
  it.each([
    [-1, "0s"],
    [119, "119s"],
    [120, "2m"],
    [599, "9m59s"],
    [600, "10m"],
    [10_799, "179m"],
    [10_800, "3h"],
    [28_799, "7h59m"],
    [28_800, "8h"],
    [172_800, "2d"],
    [691_199, "7d23h"],
    [691_200, "8d"],
    [63_072_000, "2y"],
    [283_824_000, "9y"],
  ])("writes %d s as kubectl does", (seconds, text) => expect(formatAge(seconds * 1_000)).toBe(text));
});
