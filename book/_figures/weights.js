// The weights of a trained net, as the build packed them (rnnbook/interactive.py), back as numbers.

function array({ shape, unit, i16 }) {
  const bytes = atob(i16), flat = new Float64Array(bytes.length / 2);
  for (let i = 0; i < flat.length; i++) flat[i] = (((bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8)) << 16) >> 16) * unit;
  const cut = (from, [size, ...rest]) => {
    if (!rest.length) return flat.slice(from, from + size);
    const step = rest.reduce((a, b) => a * b);
    return Array.from({ length: size }, (_, i) => cut(from + i * step, rest));
  };
  return cut(0, shape);
}

export function unpack(value) {
  if (value?.i16 !== undefined) return array(value);
  if (Array.isArray(value) || value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unpack(part)]));
}
