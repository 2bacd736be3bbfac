import { count, thousands } from '../messages.ts';
import type { Flow, ScanResult } from '../types.ts';

/** The profile of a scan for people, a line each: what the run as a whole took, its stages, and the work done elsewhere. */
export function profileText({ profile, seconds }: Pick<ScanResult, 'profile' | 'seconds'>): string {
  if (profile === undefined) return '';
  const { cpuSeconds, peakMegabytes, lag, read, parse, embed, compare } = profile;
  const stages = Object.entries(seconds).filter(([stage]) => stage !== 'total').map(([stage, value]) => `${stage} ${value.toFixed(2)} s`);
  const lines = [
    ['run', `${(seconds.total ?? 0).toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU, at most ${thousands(Math.round(peakMegabytes))} MB; main thread late by ${milliseconds(lag.p50)} (half the time less), ${milliseconds(lag.p99)} (99 %), ${milliseconds(lag.most)} (most)`],
    ['stages', stages.join(', ')],
    ['read', `${count(read.count, 'file')}, ${(read.bytes / 1e6).toFixed(1)} MB; ${flow(read)}`],
    ['parse', `${count(parse.count, 'file')}, ${thousands(parse.skipped)} known; ${flow(parse)}`],
    ['embed', `${count(embed.count, 'text')}, ${thousands(embed.cached)} in the cache and ${thousands(embed.identical)} identical to others; ${flow(embed)}${rate(embed)}`],
    ['compare', `${count(compare.count, 'tile')}; ${flow(compare)}`],
  ];
  return lines.map(([name = '', text = '']) => `${name.padEnd(9)}${text}\n`).join('');
}

function flow({ busySeconds, waitSeconds }: Flow): string {
  return `${busySeconds.toFixed(2)} s at work, ${milliseconds(waitSeconds * 1000)} from request to answer`;
}

function rate({ count: texts, busySeconds }: Flow): string {
  return busySeconds > 0 ? `, ${thousands(Math.round(texts / busySeconds))} a second` : '';
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : thousands(Math.round(value))} ms`;
}
