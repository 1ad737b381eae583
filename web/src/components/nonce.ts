/** The value with which the server lets in the styles made at run time; see src/http/console.ts. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

// react-remove-scroll, under Mantine's dialogs, looks for it under this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });
