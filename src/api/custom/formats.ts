/** Tests for `format` of strings; formats that are not here are not checked, as Kubernetes does with unknown ones. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  ipv4: isIpv4,
  ipv6: isIpv6,
  cidr: isCidr,
  mac: (text) => /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$|^(?:[0-9a-f]{2}-){5}[0-9a-f]{2}$/i.test(text),
  uuid: (text) => UUID.test(text),
  uuid3: (text) => UUID.test(text) && versionOf(text) === "3",
  uuid4: (text) => UUID.test(text) && versionOf(text) === "4",
  uuid5: (text) => UUID.test(text) && versionOf(text) === "5",
  byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isRealDate(text),
  "date-time": isDateTime,
  datetime: isDateTime,
  duration: (text) => /^-?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$|^0$/.test(text),
  hostname: (text) => text.length <= 253 && text.split(".").every((label) => HOST_LABEL.test(label)),
  email: (text) => text.length <= 320 && /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  uri: (text) => text.startsWith("/") || URL.canParse(text),
  bsonobjectid: (text) => /^[0-9a-f]{24}$/i.test(text),
  hexcolor: (text) => /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
};

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const HOST_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/i;
const IPV4_PART = /^(?:0|[1-9]\d{0,2})$/;

function versionOf(uuid: string): string | undefined {
  return uuid.replaceAll("-", "")[12];
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => IPV4_PART.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  return text.includes(":") && !text.includes("%") && URL.canParse(`http://[${text}]/`);
}

function isCidr(text: string): boolean {
  const [address = "", bits = "", rest] = text.split("/");
  if (rest !== undefined || !IPV4_PART.test(bits)) return false;
  return isIpv4(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text);
  return (
    match !== null && isRealDate(match[1] as string) && !Number.isNaN(Date.parse(`2000-01-01T${match[2]}Z`))
  );
}

/** The 31st of February is none. */
function isRealDate(day: string): boolean {
  const epochMs = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(day);
}
