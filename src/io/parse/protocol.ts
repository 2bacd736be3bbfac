import type { ErrorCode } from '../../errors.ts';
import type { SizeFloor, SourceFile, StoredFile } from '../../types.ts';

export interface ParseJob {
  readonly job: number;
  readonly file: SourceFile;
  readonly floor: SizeFloor;
}

export type ParseReply =
  | { readonly job: number; readonly stored: StoredFile }
  | { readonly job: number; readonly message: string; readonly code?: ErrorCode; readonly hint?: string };
