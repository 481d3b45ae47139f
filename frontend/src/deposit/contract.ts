/** Wire formats of the deposit page (docs/flows/sealed-bid.md). */
import type { Json } from "../bytes.ts";

export interface EnvelopeSlot {
  readonly kind: "application" | "bid";
  readonly lot: string | null;
  readonly label: string;
  readonly required: boolean;
  readonly recipient: string;
  readonly fingerprint: string;
}

export interface DepositData {
  readonly now: string;
  readonly platform: string;
  readonly authority: { readonly name: string };
  readonly consultation: {
    readonly id: string;
    readonly reference: string;
    readonly title: string;
    readonly deadline: string;
    readonly documents_version: string;
    readonly test: boolean;
  };
  readonly company: { readonly siret: string; readonly name: string };
  readonly envelopes: readonly EnvelopeSlot[];
  readonly limits: { readonly file: number; readonly envelope: number; readonly extensions: readonly string[] };
  readonly chunk: number;
  readonly uploads_url: string;
  readonly seal_url: string;
}

export interface SealBody {
  readonly key: string;
  readonly envelopes: readonly { kind: string; lot: string | null; upload: string; size: number; sha256: string; commitment: string }[];
}

export interface ReceiptFile {
  readonly receipt: {
    readonly number: number;
    readonly submission: string;
    readonly received_at: string;
    readonly deadline: string;
    readonly on_time: boolean;
    readonly envelopes: readonly { kind: string; lot: string | null; size: number; sha256: string; commitment: string }[];
  };
  readonly signature: { readonly public_key: string; readonly ed25519: string };
  readonly proof: unknown;
  readonly timestamp: unknown;
  readonly documents?: readonly Json[];
}

export interface ReceiptLinks {
  readonly page: string | null;
  readonly pdf: string | null;
  readonly json: string | null;
}

/** A seal that was posted or is about to be; kept until the next deposit replaces it. */
export interface SealRecord {
  readonly body: SealBody;
  readonly documents: readonly Json[];
  readonly receipt: ReceiptFile | null;
  readonly links: ReceiptLinks | null;
}

/**
 * The receipt's page is the answer's `Location`; without it, `plis/<submission>/` of the authority whose
 * consultation this is. The PDF and the receipt file, once completed, lie under the page.
 */
export function linksOf(headers: Headers, sealUrl: string, submission: string): ReceiptLinks {
  const authority = sealUrl.replace(/consultations\/[^/]+\/deposer\/.*$/, "");
  const page = headers.get("Location") ?? (authority === sealUrl ? null : `${authority}plis/${submission}/`);
  return { page, pdf: page && `${page}recepisse.pdf`, json: page && `${page}recepisse.json` };
}
